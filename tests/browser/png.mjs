// Writes grey PNG files, for pictures that tests drop on the page.
import { crc32, deflateSync } from 'node:zlib';

/** The file of a grey picture. */
export function png(width, height, values) {
  const rows = Buffer.alloc((width + 1) * height);
  for (let row = 0; row < height; row += 1) Buffer.from(values.slice(row * width, (row + 1) * width)).copy(rows, row * (width + 1) + 1);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8; // bits a value; the other bytes are 0: grey, not interlaced
  const chunk = (kind, data) => {
    const body = Buffer.concat([Buffer.from(kind), data]);
    const ends = Buffer.alloc(8);
    ends.writeUInt32BE(data.length, 0);
    ends.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
  };
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

/** An image with pixels that are so many times as large. */
export function enlarged(image, side, by) {
  const width = side * by;
  return Array.from({ length: width * width }, (_, at) => (
    image[Math.floor(at / width / by) * side + Math.floor((at % width) / by)]));
}
