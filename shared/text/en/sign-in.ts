import type { signIn as source } from '../pt-BR/sign-in.ts';

export const signIn: typeof source = {
  title: 'Sign in to Balcão',
  email: 'E-mail',
  password: 'Password',
  enter: 'Sign in',
  entering: 'Signing in…',
  help: 'Forgot the password? Ask the administrator of your company for a new invitation.',
  inviteTitle: 'Welcome to Balcão',
  inviteLead: '{name}, this is your invitation to the team of {company}. Choose your password to sign in.',
  inviteAs: 'You will sign in as {email}',
  newPassword: 'Your password',
  passwordHint: 'At least {n} characters.',
  accept: 'Sign in',
  inviteGone: 'This invitation is no longer valid',
  inviteGoneLead: 'It was used already or has expired. Ask whoever invited you for a new one.',
  inviteUnread: 'The invitation could not be read',
  toSignIn: 'I have a password: sign in',
  loading: 'Reading the invitation…',
};
