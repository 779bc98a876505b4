// Runs inside the isolate: the kernel over the columns of `input`.
(() => {
  const { columns, offsets, params, outputs, length } = input;
  const found = Array.from({ length: outputs }, () => new Float64Array(length));
  kernelFunction(columns, offsets, offsets.length - 1, params, found);
  return found;
})();
