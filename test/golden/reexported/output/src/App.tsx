import { Text } from 'react-native';
import { ConnectorProviders } from './connectors/providers';

function App() {
  const tree = <Text>Shop</Text>;
  return (
    <ConnectorProviders>
      {tree}
    </ConnectorProviders>
  );
}

export { App as default };
