import type { WantedConnector } from '../../contract/codegen.ts';
import type { Contribution } from '../../contract/connector.ts';

/** Fills what a made-up contribution leaves out. */
export function contribution(parts: Partial<Contribution>): Contribution {
  return {
    packages: [],
    configPlugins: [],
    environmentKeys: [],
    provider: undefined,
    files: [],
    serverChecks: [],
    nativeChanges: [],
    nextSteps: [],
    ...parts,
  };
}

/** A connector with everything: packages, a plugin with settings, two keys, a wrapper, a typed hook. `dir` is where its files go. */
export function payments(dir: string, options: Record<string, unknown> = { currency: 'eur' }): WantedConnector {
  const module = `${dir}connectors/payments/provider.tsx`;
  return {
    connector: 'payments',
    alias: '',
    version: '1.0.0',
    options,
    contribution: contribution({
      packages: [
        { name: '@payments/react-native', range: '0.64.0' },
        { name: 'expo-build-properties', range: '~1.0.0' },
      ],
      configPlugins: [{ name: '@payments/react-native', props: { merchantIdentifier: 'merchant.example' } }],
      environmentKeys: [
        {
          key: 'EXPO_PUBLIC_PAYMENTS_KEY',
          credential: 'publishableKey',
          secret: false,
          comment: 'Publishable key of Payments',
        },
        {
          key: 'PAYMENTS_SECRET_KEY',
          credential: 'secretKey',
          secret: true,
          comment: 'Secret key of Payments, server only',
        },
      ],
      provider: { component: 'PaymentsConnector', module },
      files: [
        {
          path: module,
          purpose: 'wraps the app',
          text: `import type { ReactNode } from 'react';
import { PaymentsProvider } from '@payments/react-native';

interface Props {
  children: ReactNode;
}

export function PaymentsConnector({ children }: Props) {
  const key: string | undefined = process.env.EXPO_PUBLIC_PAYMENTS_KEY;
  return key === undefined ? <>{children}</> : <PaymentsProvider publishableKey={key!}>{children}</PaymentsProvider>;
}
`,
        },
        {
          path: `${dir}connectors/payments/use-payments.ts`,
          purpose: 'the hook',
          text: `import { useState } from 'react';

export type PaymentState = 'idle' | 'busy';

export function usePayments() {
  return useState<PaymentState>('idle');
}
`,
        },
      ],
      nextSteps: [{ kind: 'build', text: { en: 'Make a new native build.', ar: 'أنشئ نسخة أصلية جديدة.' } }],
    }),
  };
}

/** A connector that shares a package and a plugin with others, whose name sorts before the first's. */
export function analytics(dir: string): WantedConnector {
  const module = `${dir}connectors/analytics/provider.tsx`;
  return {
    connector: 'analytics',
    alias: '',
    version: '2.1.0',
    options: {},
    contribution: contribution({
      packages: [
        { name: 'analytics-react-native', range: '^3.2.1' },
        { name: 'expo-build-properties', range: '~1.0.2' },
      ],
      configPlugins: [
        { name: 'expo-build-properties', props: { ios: { deploymentTarget: '15.1' } } },
        { name: 'analytics-react-native' },
      ],
      environmentKeys: [
        { key: 'EXPO_PUBLIC_ANALYTICS_ID', credential: 'id', secret: false, comment: 'Project of Analytics' },
      ],
      provider: { component: 'AnalyticsConnector', module },
      files: [
        {
          path: module,
          purpose: 'wraps the app',
          text: `import type { PropsWithChildren } from 'react';

export function AnalyticsConnector({ children }: PropsWithChildren) {
  return <>{children}</>;
}
`,
        },
      ],
    }),
  };
}

/** A connector without a wrapper, which shares a plugin with the second. */
export function storage(dir: string): WantedConnector {
  return {
    connector: 'storage',
    alias: '',
    version: '0.3.0',
    options: { region: 'eu' },
    contribution: contribution({
      packages: [{ name: 'storage-js', range: '^2.0.0' }],
      configPlugins: [{ name: 'expo-build-properties', props: { android: { minSdkVersion: 26 } } }],
      environmentKeys: [{ key: 'STORAGE_URL', credential: 'url', secret: false, comment: 'Address of Storage' }],
      files: [
        {
          path: `${dir}connectors/storage/client.ts`,
          purpose: 'the client',
          text: 'export const region = "eu" as const;\n',
        },
      ],
    }),
  };
}
