const SIDE = 480;
const DARKEST = 0.82;

/** Over a picture: bright where it agrees, dark where it does not. `looked` is what /v1/explain told of it. */
export function drawHeat(canvas, { grid, box }, aspect) {
  canvas.width = aspect >= 1 ? SIDE : Math.max(1, Math.round(SIDE * aspect));
  canvas.height = aspect >= 1 ? Math.max(1, Math.round(SIDE / aspect)) : SIDE;
  const pen = canvas.getContext("2d");
  pen.fillStyle = `rgb(8 12 28 / ${DARKEST})`;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.globalCompositeOperation = "destination-out";
  pen.imageSmoothingQuality = "high";
  const [width, height] = [regionWidth({ grid, box }) * canvas.width, regionHeight({ grid, box }) * canvas.height];
  const [x, y] = [box.left * canvas.width - width, box.top * canvas.height - height];
  pen.drawImage(mask(grid), x, y, width * (grid[0].length + 2), height * (grid.length + 2));
}

/**
 * A pixel for each region, as see-through as the region adds to the likeness. A dark rim around them lets the brightness fade
 * where the regions end, rather than break off.
 */
function mask(grid) {
  const canvas = document.createElement("canvas");
  canvas.width = grid[0].length + 2;
  canvas.height = grid.length + 2;
  const most = Math.max(...grid.flat(), Number.MIN_VALUE);
  const pixels = new ImageData(canvas.width, canvas.height);
  grid.forEach((row, down) => row.forEach((adds, across) => {
    pixels.data[4 * ((down + 1) * canvas.width + across + 1) + 3] = Math.round(255 * Math.max(0, adds) / most);
  }));
  canvas.getContext("2d").putImageData(pixels, 0, 0);
  return canvas;
}

const regionWidth = ({ grid, box }) => (box.right - box.left) / grid[0].length;

const regionHeight = ({ grid, box }) => (box.bottom - box.top) / grid.length;

/** The middle of a region, in fractions of the picture. */
export function middleOf({ row, column }, looked) {
  const { left, top } = looked.box;
  return { x: left + (column + 0.5) * regionWidth(looked), y: top + (row + 0.5) * regionHeight(looked) };
}

/** Of all that counts for the likeness, what this region adds. */
export function shareOf({ row, column }, { grid }) {
  const all = grid.flat().reduce((sum, adds) => sum + Math.max(0, adds), 0);
  return all > 0 ? Math.max(0, grid[row][column]) / all : 0;
}
