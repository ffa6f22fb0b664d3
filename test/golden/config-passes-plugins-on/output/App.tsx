import { Text } from 'react-native';
import { ConnectorProviders } from './connectors/providers';

export default function App() {
  return (
    <ConnectorProviders>
      <Text>Shop</Text>
    </ConnectorProviders>
  );
}
