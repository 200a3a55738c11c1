\startpipeline
