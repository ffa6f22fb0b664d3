// @ts-check
/* The root of the shop. */
import { Text } from 'react-native'; // the only one

/** Renders everything. */
export default function App(/* nothing */) {
  // first
  return ( // the tree
    <>
      {/* greeting */}
      <Text>Shop</Text>
    </>
    // its end
  ); // done
}
// eof
