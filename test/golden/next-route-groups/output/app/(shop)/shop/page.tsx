export default function Shop() {
  return <main>Shop</main>;
}
