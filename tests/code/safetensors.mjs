// Safetensors files: eight bytes with the length of the header, the header in JSON, the values.

/** The file of these tensors, each with its shape and values, and of these texts. */
export function write(tensors, notes = {}) {
  let offset = 0;
  const header = Object.fromEntries(Object.entries(tensors).map(([name, { shape, values }]) => {
    const range = [offset, offset += 4 * values.length];
    return [name, { dtype: 'F32', shape, data_offsets: range }];
  }));
  const text = Buffer.from(JSON.stringify({ __metadata__: notes, ...header }));
  const padded = Buffer.concat([text, Buffer.alloc((8 - text.length % 8) % 8, ' ')]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  const values = Object.values(tensors).map((tensor) => Buffer.from(Float32Array.from(tensor.values).buffer));
  return Buffer.concat([length, padded, ...values]);
}

/** The texts of a file, and its tensors that hold 32-bit floats. */
export function read(file) {
  const end = 8 + Number(file.readBigUInt64LE());
  const { __metadata__: notes, ...header } = JSON.parse(file.subarray(8, end));
  const tensors = Object.fromEntries(Object.entries(header).filter(([, { dtype }]) => dtype === 'F32').map(([name, tensor]) => {
    const [from, to] = tensor.data_offsets.map((offset) => end + offset);
    return [name, { shape: tensor.shape, values: new Float32Array(new Uint8Array(file.subarray(from, to)).buffer) }];
  }));
  return { notes, tensors };
}
