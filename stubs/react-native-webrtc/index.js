// Stands in for a React Native package that a WebRTC dependency names and that never runs on the desktop.
module.exports = {}
