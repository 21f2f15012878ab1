export default {
  sign_in_title: 'Đăng nhập', sign_in: 'Đăng nhập', username: 'Tên đăng nhập', password: 'Mật khẩu', otp: 'Mã xác thực',
  otp_hint: '6 chữ số trong ứng dụng xác thực, hoặc một mã dự phòng.', no_account: 'Chưa có tài khoản?', register: 'Đăng ký tài khoản',
};
