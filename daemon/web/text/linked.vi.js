// Words of dossiers that hang together.
export default {
  title: 'Hồ sơ liên thông', text: 'Những hồ sơ này được giải quyết cùng nhau; mỗi hồ sơ có cơ quan và thời hạn riêng.', code: 'Mã hồ sơ', relation: 'Quan hệ', lead: 'hồ sơ chính', part: 'hồ sơ được mở từ hồ sơ này',
  agency: 'Cơ quan giải quyết', due: 'Hạn trả kết quả', opening: 'Đang được mở, chưa có mã', not_opened: 'Không mở được',
};
