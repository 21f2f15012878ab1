export default {
  file: 'Nộp hồ sơ', file_text: 'Tìm thủ tục, đọc phần giấy tờ và thời hạn, rồi làm từng bước. Nội dung được giữ trên máy của bạn; mất mạng hay đóng trình duyệt vẫn làm tiếp được.',
  papers: 'Chụp giấy tờ', papers_text: 'Đặt giấy trên nền tối, đủ sáng, thấy đủ bốn góc. Nhiều trang của một giấy tờ được ghép thành một tệp PDF.',
  wait: 'Thời hạn', wait_text: 'Thời hạn tính từ khi tiếp nhận, theo ngày làm việc hoặc ngày thường tuỳ thủ tục. Trang hồ sơ giải thích từng ngày được tính và không tính.',
  supplement: 'Bổ sung', supplement_text: 'Khi cơ quan cần thêm giấy tờ, bạn nhận được thông báo; thời hạn tạm dừng cho đến khi hồ sơ đủ.',
  result: 'Nhận kết quả', result_text: 'Tại quầy, qua bưu chính hoặc bản điện tử, theo cách bạn chọn khi nộp.',
  post: 'Bưu chính', post_text: 'Số hiệu bưu gửi và từng chặng đường hiện ở trang hồ sơ. Bưu tá kiểm tra giấy tờ tuỳ thân khi phát.',
  private: 'Bảo vệ thông tin', private_text: 'Ai không đăng nhập chỉ thấy mã hồ sơ và mức độ hoàn thành. Mỗi lần có người xem giấy tờ của bạn đều được ghi lại.',
  wrong: 'Có gì không đúng?', wrong_text: 'Hãy gọi hoặc đến Bộ phận Một cửa nơi nhận hồ sơ, mang theo mã hồ sơ. Bạn có quyền phản ánh, kiến nghị và khiếu nại.',
};
