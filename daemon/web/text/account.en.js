export default {
  sign_in_title: 'Sign in', sign_in: 'Sign in', username: 'User name', password: 'Password', otp: 'One-time code',
  otp_hint: '6 digits from your authenticator app, or a recovery code.', no_account: 'No account yet?', register: 'Register',
};
