/**
 * A box cut into areas as large as each item's products, and as near to squares as can be (Bruls, Huizing, van Wijk:
 * squarified treemaps). Gives [item, { x, y, width, height }] for each that has any.
 */
export function squares(items, box) {
  if (box.width < 1 || box.height < 1) return [];
  const sorted = items.filter(({ products }) => products > 0).sort((one, other) => other.products - one.products);
  const scale = (box.width * box.height) / sorted.reduce((sum, { products }) => sum + products, 0);
  const placed = [];
  let left = sorted.map((item) => ({ item, area: item.products * scale }));
  let free = { ...box };
  while (left.length) {
    const side = Math.min(free.width, free.height);
    let count = 1;
    while (count < left.length && worst(left.slice(0, count + 1), side) <= worst(left.slice(0, count), side)) count += 1;
    free = lay(left.slice(0, count), free, placed);
    left = left.slice(count);
  }
  return placed;
}

/** How far from a square the worst of a row would be. */
function worst(row, side) {
  const sum = row.reduce((all, { area }) => all + area, 0);
  const depth = sum / side;
  return Math.max(...row.map(({ area }) => Math.max(depth / (area / depth), area / depth / depth)));
}

/** Along the shorter side; gives what is still free. */
function lay(row, { x, y, width, height }, placed) {
  const sum = row.reduce((all, { area }) => all + area, 0);
  const upright = width >= height;
  const depth = sum / (upright ? height : width);
  let at = upright ? y : x;
  for (const { item, area } of row) {
    const length = area / depth;
    placed.push([item, upright ? { x, y: at, width: depth, height: length } : { x: at, y, width: length, height: depth }]);
    at += length;
  }
  return upright ? { x: x + depth, y, width: width - depth, height } : { x, y: y + depth, width, height: height - depth };
}
