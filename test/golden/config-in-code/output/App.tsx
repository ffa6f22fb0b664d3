import { ConnectorProviders } from './connectors/providers';
export default function App() {
  return (
    <ConnectorProviders>
      <Shop />
    </ConnectorProviders>
  );
}
