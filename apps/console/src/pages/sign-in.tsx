import { SignIn } from "@storeloop/staff/sign-in";
import { useWords } from "../words/index.ts";

export default function SignInPage() {
  return (
    <main className="console-sign-in sl-stack">
      <SignIn title={useWords().signIn.title} />
    </main>
  );
}
