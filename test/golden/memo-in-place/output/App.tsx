import { memo } from 'react';
import { Text } from 'react-native';
import { ConnectorProviders } from './connectors/providers';

export default memo(function App() {
  return (
    <ConnectorProviders>
      <Text>Shop</Text>
    </ConnectorProviders>
  );
});
