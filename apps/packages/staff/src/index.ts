/**
 * What staff do alike at the console and on the shop floor: signing in, knowing a member.
 *
 * Owns: these parts and their words. Never does: know a route or a layout of one app.
 */
export {
  memberKey,
  MemberEditForm,
  MemberHistory,
  MemberNotes,
  memberName,
  useMember,
} from "./member.tsx";
export { SignIn } from "./sign-in.tsx";
