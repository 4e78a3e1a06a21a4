import { SignIn } from "@storeloop/staff/sign-in";
import { useWords } from "../words/index.ts";

export default function SignInPage() {
  return (
    <main className="store-page store-sign-in">
      <SignIn title={useWords().signIn.title} />
    </main>
  );
}
