import { ConnectorProviders } from '../connectors/providers';

export default function App({ Component, pageProps }) {
  return (
    <ConnectorProviders>
      <Component {...pageProps} />
    </ConnectorProviders>
  );
}
