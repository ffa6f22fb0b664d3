import * as Sentry from '@sentry/react-native';
import { Text, View } from 'react-native';

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

export default Sentry.wrap(App);
