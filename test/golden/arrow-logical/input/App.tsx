import { Text } from "react-native"
import { useReady } from "./ready"

export default () => useReady() && <Text>Shop</Text>
