import type { Metadata } from "next";
import { Geist } from "next/font/google";
import { SiteHeader } from "@/components/site-header";
import "./globals.css";
import { ConnectorProviders } from "../connectors/providers";

const geist = Geist({
  variable: "--font-geist-sans",
  subsets: ["latin"],
});

export const metadata: Metadata = {
  title: "Shop",
  description: "What the shop sells",
};

export default async function RootLayout({ children }: LayoutProps<"/">) {
  return (
    <html lang="en" className={geist.variable}>
      <body
        className="antialiased"
        suppressHydrationWarning
      >
        <ConnectorProviders>
          <SiteHeader />
          {children}
        </ConnectorProviders>
      </body>
    </html>
  );
}
