/** Shows the picture as it was given; the small one of it where the browser cannot draw that (TIFF, say). */
export function showing(picture, { url, thumbnail_url: small }) {
  picture.onerror = () => {
    picture.onerror = null;
    picture.src = small;
  };
  picture.src = url;
}
