// images.js - photos of papers made fit to send: turned upright, at most 2000 pixels, JPEG, without
// what a camera writes beside the picture (place, device). And several photos joined to one PDF.

const SIDE_MAX = 2000;
const QUALITY = 0.85;
const THUMB_SIDE = 320;

async function decode(blob) {
  try {
    // The orientation that the camera noted is applied here, once and for all.
    return await createImageBitmap(blob, {imageOrientation: 'from-image'});
  } catch {
    return null;
  }
}

async function draw(bitmap, side, quarter = 0) {
  const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * scale)), height = Math.max(1, Math.round(bitmap.height * scale));
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');

  canvas.width = quarter % 2 ? height : width;
  canvas.height = quarter % 2 ? width : height;
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.translate(canvas.width / 2, canvas.height / 2);
  context.rotate(quarter * Math.PI / 2);
  context.drawImage(bitmap, -width / 2, -height / 2, width, height);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
}

// {blob, thumb} of a photo, or null when this browser cannot read it (HEIC, a broken file).
export async function shrink(file, quarter = 0) {
  const bitmap = await decode(file);

  if (!bitmap)
    return null;
  try {
    return {blob: await draw(bitmap, SIDE_MAX, quarter), thumb: await draw(bitmap, THUMB_SIDE, quarter)};
  } finally {
    bitmap.close();
  }
}

const text = (string) => new TextEncoder().encode(string);

// One PDF with a page for each JPEG, each on A4 with a small margin (ISO 32000-1: DCTDecode takes
// the bytes of a JPEG as they are).
export async function joinPages(blobs) {
  const parts = [], offsets = [];
  let length = 0;
  const put = (...chunks) => {
    for (const chunk of chunks) {
      const bytes = typeof chunk === 'string' ? text(chunk) : chunk;

      parts.push(bytes);
      length += bytes.length;
    }
  };
  const object = (number, ...chunks) => {
    offsets[number] = length;
    put(`${number} 0 obj\n`, ...chunks, '\nendobj\n');
  };
  const pageOf = (place) => 3 + place * 3;

  put('%PDF-1.4\n%\u00e2\u00e3\n');
  object(1, '<</Type/Catalog/Pages 2 0 R>>');
  object(2, `<</Type/Pages/Count ${blobs.length}/Kids[${blobs.map((_, place) => `${pageOf(place)} 0 R`).join(' ')}]>>`);
  for (const [place, blob] of blobs.entries()) {
    const bitmap = await createImageBitmap(blob);
    const wide = bitmap.width > bitmap.height;
    const [pageWidth, pageHeight] = wide ? [842, 595] : [595, 842];
    const scale = Math.min((pageWidth - 20) / bitmap.width, (pageHeight - 20) / bitmap.height);
    const width = bitmap.width * scale, height = bitmap.height * scale;
    const content = `q ${width.toFixed(2)} 0 0 ${height.toFixed(2)} ${((pageWidth - width) / 2).toFixed(2)} ${((pageHeight - height) / 2).toFixed(2)} cm /P Do Q`;
    const bytes = new Uint8Array(await blob.arrayBuffer());
    const at = pageOf(place);

    object(at, `<</Type/Page/Parent 2 0 R/MediaBox[0 0 ${pageWidth} ${pageHeight}]/Resources<</XObject<</P ${at + 1} 0 R>>>>/Contents ${at + 2} 0 R>>`);
    object(at + 1, `<</Type/XObject/Subtype/Image/Width ${bitmap.width}/Height ${bitmap.height}/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode/Length ${bytes.length}>>\nstream\n`, bytes, '\nendstream');
    object(at + 2, `<</Length ${content.length}>>\nstream\n${content}\nendstream`);
    bitmap.close();
  }
  const start = length, total = 3 + blobs.length * 3;

  put(`xref\n0 ${total}\n0000000000 65535 f \n`, ...Array.from({length: total - 1}, (_, i) => `${String(offsets[i + 1]).padStart(10, '0')} 00000 n \n`),
    `trailer\n<</Size ${total}/Root 1 0 R>>\nstartxref\n${start}\n%%EOF\n`);
  return new Blob(parts, {type: 'application/pdf'});
}
