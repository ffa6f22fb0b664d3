import { Stack } from 'expo-router';
import { ConnectorProviders } from '../connectors/providers';

export const unstable_settings = { initialRouteName: 'index' };

export default function RootLayout() {
  const [loaded] = useFonts({});

  if (!loaded) {
    return null;
  }

  return (
    <ConnectorProviders>
      <Stack>
        <Stack.Screen name="index" />
      </Stack>
    </ConnectorProviders>
  );
}
