// Words of the picture of a workflow.
export default {
  title: 'Sơ đồ quy trình', here: 'Đang ở đây', been: 'đã qua', been_often: 'đã qua {n} lần', end: 'Kết thúc', to: 'tới bước', now: 'Hồ sơ đang ở bước: {steps}.', state: 'Trạng thái của hồ sơ: {state}.',
  how: 'Đường đậm là đường thường đi; bên dưới mỗi bước là những gì có thể làm tiếp. Mọi hồ sơ còn có thể được rút, tạm dừng hoặc xin lỗi và hẹn lại.', how_simple: 'Đường đậm là đường thường đi của hồ sơ. Bên dưới mỗi bước là những trường hợp khác.', version: 'Phiên bản {version} của thủ tục.',
  join_all: 'chờ đủ các nhánh rồi mới tiếp tục', join_first: 'tiếp tục khi nhánh đầu tiên xong', elsewhere: 'cơ quan phối hợp', automatic: 'tự động', by_itself: 'tự động', when: 'khi {when}', parallel: 'cùng lúc', previous: 'về bước trước đó', opens: 'mở hồ sơ liên thông {code}',
  late: 'Quá {after}', late_action: 'Quá {after}: {name}', consent: 'Im lặng sau {after} là đồng ý',
  wait_applicant: 'chờ người nộp hồ sơ', wait_post: 'chờ bưu chính', wait_payment: 'chờ nộp tiền', wait_linked: 'chờ hồ sơ liên thông',
  role_applicant: 'người nộp hồ sơ', role_post: 'bưu chính', role_payment: 'hệ thống thanh toán', role_linked: 'hồ sơ liên thông', role_portal: 'Cổng Dịch vụ công quốc gia',
  simple_receiver: 'Bộ phận Một cửa', simple_officer: 'người giải quyết hồ sơ', simple_unit_head: 'lãnh đạo phòng xem lại', simple_leader: 'lãnh đạo cơ quan ký', simple_clerk: 'văn thư đóng dấu', simple_cashier: 'người thu tiền', simple_postal: 'bưu chính',
  simple_applicant: 'chờ bạn', simple_post: 'bưu chính đang chuyển', simple_payment: 'chờ bạn nộp tiền', simple_linked: 'chờ hồ sơ ở cơ quan khác',
};
