import "@/styles/globals.css";
import type { AppProps } from "next/app";
import { ConnectorProviders } from "../connectors/providers";

export default function App({ Component, pageProps }: AppProps) {
  return (
    <ConnectorProviders>
      <Component {...pageProps} />
    </ConnectorProviders>
  );
}
