export default {
  direction_collect: 'Thu gom hồ sơ', direction_return: 'Trả kết quả tại nhà', item_code: 'Số hiệu bưu gửi', order_number: 'Số yêu cầu',
  state_created: 'Đã tạo yêu cầu', state_ordered: 'Bưu chính đã nhận yêu cầu', state_collecting: 'Bưu tá đang đến thu gom', state_picked_up: 'Đã thu gom, đã ký phiếu gửi',
  state_handed_over_collect: 'Đã bàn giao cho cơ quan (ký biên bản giao nhận)', state_handed_over_return: 'Cơ quan đã bàn giao cho bưu chính (ký biên bản giao nhận)', state_in_transit: 'Đang vận chuyển', state_invited_1: 'Đã mời nhận lần 1', state_invited_2: 'Đã mời nhận lần 2',
  state_returning: 'Đang chuyển hoàn về cơ quan', state_delivered: 'Đã phát cho người nhận', state_returned_to_agency: 'Đã chuyển hoàn về cơ quan',
  state_collection_failed: 'Thu gom không thành công', state_lost: 'Thất lạc', state_damaged: 'Hư hỏng', state_cancelled: 'Đã huỷ',
};
