'use client';

export default function App() {
  return null || <Shop />;
}
