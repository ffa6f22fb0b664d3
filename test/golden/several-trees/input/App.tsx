import * as Sentry from '@sentry/react-native';
import { useFonts } from 'expo-font';

import { Home } from './screens/home';
import { Splash } from './screens/splash';

function App() {
  const [loaded, error] = useFonts({});

  if (!loaded && !error) {
    return <Splash />; // until the fonts are here
  }

  return <Home />;
}

export default Sentry.wrap(App);
