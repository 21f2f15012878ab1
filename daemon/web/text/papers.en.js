export default {
  required: 'Required', optional: 'If you have it', files: 'Files {formats}, at most {mb} MB', photo: 'Take a photo', choose: 'Choose a file', add_page: 'Add a page', replace: 'Choose another file',
  have: '{n} pages so far', have_one: 'One page so far', removed: 'Removed', page: 'Page {n}', turn: 'Turn', picture_of: 'Picture of {name}',
  fault_picture: '“{name}”: this browser cannot read the picture. Use “Take a photo” or choose a JPEG or PNG picture.',
  fault_type: '“{name}” must be a file of the kind {formats}.', fault_size: '“{name}” must not be larger than {mb} MB.', fault_empty: '“{name}” is empty.',
  fault_gone: '“{name}” is no longer on this device. Choose it again.',
  fault_room: 'This device has no room left for the picture. Remove something and try again.', missing: '“{name}” is not there yet.',
  original: '{n} originals', original_one: '1 original', certified: '{n} certified copies', certified_one: '1 certified copy', photocopy: '{n} photocopies', photocopy_one: '1 photocopy',
};
