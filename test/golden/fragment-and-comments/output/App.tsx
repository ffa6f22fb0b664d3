// @ts-check
/* The root of the shop. */
import { Text } from 'react-native'; // the only one
import { ConnectorProviders } from './connectors/providers';

/** Renders everything. */
export default function App(/* nothing */) {
  // first
  return ( // the tree
    <ConnectorProviders>
      <>
        {/* greeting */}
        <Text>Shop</Text>
      </>
    </ConnectorProviders>
    // its end
  ); // done
}
// eof
