import { Text } from "react-native"
import { useReady } from "./ready"
import { ConnectorProviders } from "./connectors/providers"

export default () => (
  <ConnectorProviders>
    {useReady() && <Text>Shop</Text>}
  </ConnectorProviders>
)
