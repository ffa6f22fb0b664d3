import { memo } from 'react';
import { Text } from 'react-native';

export default memo(function App() {
  return <Text>Shop</Text>;
});
