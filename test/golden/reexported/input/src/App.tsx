import { Text } from 'react-native';

function App() {
  const tree = <Text>Shop</Text>;
  return tree;
}

export { App as default };
