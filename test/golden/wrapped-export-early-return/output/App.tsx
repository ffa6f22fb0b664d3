import * as Sentry from '@sentry/react-native';
import { Text, View } from 'react-native';
import { ConnectorProviders } from './connectors/providers';

function App() {
  const ready = useFonts();
  if (!ready) {
    return <Text>Loading</Text>;
  }
  return (
    <View>
      <Text>Shop</Text>
    </View>
  );
}

function ConnectedApp() {
  return (
    <ConnectorProviders>
      <App />
    </ConnectorProviders>
  );
}

export default Sentry.wrap(ConnectedApp);
