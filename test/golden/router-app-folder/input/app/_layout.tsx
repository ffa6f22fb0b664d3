import { Stack } from 'expo-router';

export const unstable_settings = { initialRouteName: 'index' };

export default function RootLayout() {
  const [loaded] = useFonts({});

  if (!loaded) {
    return null;
  }

  return (
    <Stack>
      <Stack.Screen name="index" />
    </Stack>
  );
}
