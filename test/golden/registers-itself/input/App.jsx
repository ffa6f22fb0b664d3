import { registerRootComponent } from 'expo';
import { Text } from 'react-native';

const App = () => (
  <Text>Shop</Text>
);

registerRootComponent(App);
