export default function App() {
  return <Shop />;
}
