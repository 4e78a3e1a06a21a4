import { PageHeader } from "@storeloop/ui";

export function App() {
  return <PageHeader title="店环门店" />;
}
