// Stands in for react-devtools-core in the bundle (see build.js).
export default { initialize() {}, connectToDevTools() {} }
