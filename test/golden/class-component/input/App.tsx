import React from 'react';
import { Text, View } from 'react-native';

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
    return <View>{failed ? <Text>Sorry</Text> : <Text>Hello</Text>}</View>;
  }
}
