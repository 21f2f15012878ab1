// Words of the pauses and moved dates of a time limit.
export default {
  moved: 'Những lần dừng và đổi hạn', hold_ended: 'Tạm dừng từ {from} đến {to}', hold_open: 'Tạm dừng từ {from}, chưa tính tiếp', because: '{what}: {why}', due_moved: 'Hạn trả kết quả đổi từ {old} sang {new}',
  restart: 'Tính lại từ đầu thời hạn từ {from}', appointment: 'Xin lỗi và hẹn lại ngày {from}', calendar: 'Lịch làm việc thay đổi, hạn được tính lại lúc {from}',
  reason_supplement: 'chờ bổ sung hồ sơ', reason_payment: 'chờ thực hiện nghĩa vụ tài chính', reason_consultation: 'lấy ý kiến cơ quan phối hợp', reason_confirmation: 'chờ người nộp xác nhận dự thảo kết quả',
  reason_linked: 'chờ hồ sơ liên thông', reason_post: 'chờ bưu chính', reason_suspended: 'tạm dừng xử lý', reason_office: 'chờ cơ quan giải quyết',
};
