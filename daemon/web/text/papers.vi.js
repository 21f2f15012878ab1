export default {
  required: 'Bắt buộc', optional: 'Nếu có', files: 'Tệp {formats}, nhiều nhất {mb} MB', photo: 'Chụp ảnh', choose: 'Chọn tệp', add_page: 'Thêm trang', replace: 'Chọn tệp khác',
  have: 'Đã có {n} trang', removed: 'Đã bỏ', page: 'Trang {n}', turn: 'Xoay', picture_of: 'Ảnh {name}',
  fault_picture: '“{name}”: trình duyệt không đọc được ảnh này. Hãy chụp lại bằng nút “Chụp ảnh” hoặc chọn ảnh JPEG, PNG.',
  fault_type: '“{name}” phải là tệp dạng {formats}.', fault_size: '“{name}” không được lớn hơn {mb} MB.', fault_empty: '“{name}” không có nội dung.',
  fault_gone: '“{name}” không còn trên máy này. Hãy chọn lại.',
  fault_room: 'Máy không còn đủ chỗ để giữ ảnh này. Hãy xoá bớt rồi thử lại.', missing: '“{name}” chưa được nộp.',
  original: '{n} bản chính', certified: '{n} bản sao chứng thực', photocopy: '{n} bản chụp',
};
