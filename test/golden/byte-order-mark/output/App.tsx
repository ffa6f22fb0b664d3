'use client';
import { ConnectorProviders } from './connectors/providers';

export default function App() {
  return (
    <ConnectorProviders>
      {null || <Shop />}
    </ConnectorProviders>
  );
}
