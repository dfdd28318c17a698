/* Photographs are made smaller before they travel: about 2,500 pixels are enough to read every code, and a slow line
   carries a tenth. What is small already, PDF, and what this browser cannot open (HEIC, often) goes as it is; so does
   everything if anything fails here. */
"use strict";

window.shrinkPicture = async (file) => {
  const LONG_SIDE = 2500, QUALITY = 0.85, SMALL = 800 * 1024;
  try {
    if (file.size <= SMALL || !file.type.startsWith("image/")) return file;
    const opened = await open(file);
    try {
      return (await drawn(opened.picture)) || file;
    } finally {
      opened.close();
    }
  } catch {
    return file;
  }

  async function drawn(picture) {
    const width = picture.naturalWidth || picture.width, height = picture.naturalHeight || picture.height;
    const share = Math.min(1, LONG_SIDE / Math.max(width, height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(width * share);
    canvas.height = Math.round(height * share);
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";                       // a picture that lets the ground through would turn black
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.imageSmoothingQuality = "high";
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", QUALITY); });
    canvas.width = canvas.height = 0;             // phones keep few canvases
    if (!blob || blob.type !== "image/jpeg" || blob.size >= file.size) return null;
    const name = `${file.name.replace(/\.[^.]*$/, "")}.jpg`;
    return new File([blob], name, { type: "image/jpeg", lastModified: file.lastModified });
  }

  // Upright, however the phone was held. The second way is for browsers that do not know the first one's option.
  async function open(source) {
    try {
      const bitmap = await createImageBitmap(source, { imageOrientation: "from-image" });
      return { picture: bitmap, close: () => bitmap.close() };
    } catch {
      const address = URL.createObjectURL(source), picture = new Image();
      picture.src = address;
      try {
        await picture.decode();
      } catch (failure) {
        URL.revokeObjectURL(address);
        throw failure;
      }
      return { picture, close: () => URL.revokeObjectURL(address) };
    }
  }
};
