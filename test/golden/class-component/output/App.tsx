import React from 'react';
import { Text, View } from 'react-native';
import { ConnectorProviders } from './connectors/providers';

interface State {
  failed: boolean;
}

export default class App extends React.Component<object, State> {
  state: State = { failed: false };

  static getDerivedStateFromError(): State {
    return { failed: true };
  }

  render() {
    const { failed } = this.state;
    return (
      <ConnectorProviders>
        <View>{failed ? <Text>Sorry</Text> : <Text>Hello</Text>}</View>
      </ConnectorProviders>
    );
  }
}
