/** Operators of ONNX Runtime's CPU provider on images whose channels are stored in blocks. */
export const blockedDomain = 'com.microsoft.nchwc';
