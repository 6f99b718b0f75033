"""torchvision's usual way to feed a training from an image folder, timed: ImageFolder and DataLoader with worker processes.

Arguments: folder, size, batch, workers, passes. Prints one line of JSON for every pass: {"seconds": s, "images": n, "version": "..."}.
The loader and its workers are started before the first pass.
"""

import json
import sys
import time

import torch
import torchvision
from torchvision import datasets, transforms

folder = sys.argv[1]
size, batch, workers, passes = map(int, sys.argv[2:6])
steps = [
    transforms.Resize(size),
    transforms.CenterCrop(size),
    transforms.ToTensor(),
    transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
]
loader = torch.utils.data.DataLoader(
    datasets.ImageFolder(folder, transforms.Compose(steps)),
    batch_size=batch,
    shuffle=True,
    drop_last=True,
    num_workers=workers,
    persistent_workers=True,
)
iter(loader)
for _ in range(passes):
    sys.stdin.readline()
    start, images = time.perf_counter(), 0
    for samples, _labels in loader:
        images += len(samples)
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "images": images, "version": torchvision.__version__}), flush=True)
