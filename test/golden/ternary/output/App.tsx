import { Text, View } from 'react-native';
import { ConnectorProviders } from './connectors/providers';

export default function App() {
  const user = useUser();
  return (
    <ConnectorProviders>
      {user ? (
        <View>
          <Text>Shop</Text>
        </View>
      ) : (
        <Text>Sign in</Text>
      )}
    </ConnectorProviders>
  );
}
