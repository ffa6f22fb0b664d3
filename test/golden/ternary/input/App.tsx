import { Text, View } from 'react-native';

export default function App() {
  const user = useUser();
  return user ? (
    <View>
      <Text>Shop</Text>
    </View>
  ) : (
    <Text>Sign in</Text>
  );
}
