import * as Sentry from '@sentry/react-native';
import { useFonts } from 'expo-font';

import { Home } from './screens/home';
import { Splash } from './screens/splash';
import { ConnectorProviders } from './connectors/providers';

function App() {
  const [loaded, error] = useFonts({});

  if (!loaded && !error) {
    return <Splash />; // until the fonts are here
  }

  return <Home />;
}

function ConnectedApp() {
  return (
    <ConnectorProviders>
      <App />
    </ConnectorProviders>
  );
}

export default Sentry.wrap(ConnectedApp);
