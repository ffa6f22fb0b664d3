export function SiteHeader() {
  return <header>Shop</header>;
}
