import { registerRootComponent } from 'expo';
import { Text } from 'react-native';
import { ConnectorProviders } from './connectors/providers';

const App = () => (
  <ConnectorProviders>
    <Text>Shop</Text>
  </ConnectorProviders>
);

registerRootComponent(App);
